// Runs the built command as a person would: its own process, its own stdout, stderr and exit code. The build is made
// once per state of src/ (types are another step's business) beside node_modules, never over dist/.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

const CACHE = resolve('node_modules', '.cache', 'darkwake-e2e')
const BUNDLE = join('scripts', 'bundle.mjs')

/** Fingerprint of everything that goes into the build. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(path =>
    /\.(ts|json)$/.test(path),
  )
  for (const path of files.sort()) hash.update(path).update(readFileSync(join('src', path)))
  for (const path of ['package.json', 'tsconfig.json', 'tsconfig.build.json', BUNDLE])
    hash.update(readFileSync(path))
  return hash.digest('hex').slice(0, 16)
}

let built: string | undefined

/** Folder of a build of the present sources: `dist/`, `package.json` and `data/`. Built by whoever comes first. */
export function build(): string {
  if (built) return built
  const home = join(CACHE, fingerprint())
  if (!existsSync(home)) {
    const fresh = `${home}.${process.pid}`
    mkdirSync(fresh, { recursive: true })
    const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc')
    execFileSync(process.execPath, [
      tsc,
      '-p',
      'tsconfig.build.json',
      '--noCheck',
      '--declaration',
      'false',
      '--outDir',
      join(fresh, 'dist'),
    ])
    execFileSync(process.execPath, [BUNDLE, join(fresh, 'dist')])
    cpSync('package.json', join(fresh, 'package.json'))
    if (existsSync('data')) symlinkSync(resolve('data'), join(fresh, 'data'))
    for (const old of readdirSync(CACHE)) {
      if (old !== basename(home) && !old.includes('.'))
        rmSync(join(CACHE, old), { recursive: true, force: true })
    }
    try {
      renameSync(fresh, home)
    } catch {
      rmSync(fresh, { recursive: true, force: true }) // another worker was faster
    }
  }
  return (built = home)
}

/** Commands of a second beside others on all cores: the helping threads of V8 cost others more than they spare. */
const ALONE = ['--single-threaded']

export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  stdin?: string | Uint8Array
  /** Written to stdin, which then stays open. */
  openStdin?: string
  env?: Record<string, string>
  /** Called with the running process: to send it a signal, or to close its stdout. */
  during?: (child: ChildProcess) => void
}

/** `darkwake ARGS…` */
export function darkwake(
  args: string[],
  { cwd, stdin, openStdin, env, during }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [...ALONE, join(build(), 'dist', 'bin', 'darkwake.js'), ...args], {
    cwd: cwd ?? process.cwd(),
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => undefined)
  if (openStdin === undefined) child.stdin.end(stdin)
  else child.stdin.write(openStdin)
  during?.(child)
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
}

/** An empty folder that is gone with the machine's temporary files. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'darkwake-e2e-'))

export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Lines that look like a stack trace; there are never any. */
export const stackLines = (text: string): string[] =>
  text.split('\n').filter(line => /^\s+at .+[(:]\S*\d+|node:internal|Error:\s*$/.test(line))
