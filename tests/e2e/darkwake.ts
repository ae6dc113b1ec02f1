// Runs the built command as a person would: its own process, its own stdout, stderr and exit code. The build is made
// once per state of src/ (types are another step's business) beside node_modules, never over dist/.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freshBeside, homeOf, putInPlace } from '../helpers/made-once.js'

const BUNDLE = join('scripts', 'bundle.mjs')

let built: string | undefined

/** Folder of a build of the present sources: `dist/`, `package.json` and `data/`. Built by whoever comes first. */
export function build(): string {
  if (built) return built
  const home = homeOf('darkwake-e2e', ['package.json', 'tsconfig.json', 'tsconfig.build.json', BUNDLE])
  const fresh = freshBeside(home)
  if (fresh) {
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
    putInPlace(fresh, home)
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

/** A copy of what is built, of which one file is another; returns its dist. */
export function builtWith(file: string, code: string): string {
  const dist = join(emptyFolder(), 'dist')
  cpSync(join(build(), 'dist'), dist, { recursive: true })
  cpSync(join(build(), 'package.json'), join(dist, '..', 'package.json'))
  for (const name of ['data', 'node_modules']) symlinkSync(resolve(name), join(dist, '..', name))
  writeFileSync(join(dist, file), code)
  return dist
}
