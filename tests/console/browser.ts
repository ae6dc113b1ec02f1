// A real browser for the console's tests: Debian's Chromium, headless, drawing in software. Without one, or without the
// built console, those tests are skipped and say so.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path),
)
export const CONSOLE = fileURLToPath(new URL('../../dist/console/', import.meta.url))

export const missing = !process.env['DARKWAKE_SLOW']
  ? 'DARKWAKE_SLOW=1 runs them'
  : CHROMIUM === undefined
    ? 'chromium is not installed'
    : existsSync(`${CONSOLE}index.html`)
      ? null
      : 'the console is not built: npm run build'

export async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath: CHROMIUM!,
    args: [
      ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--no-sandbox'],
      '--disable-background-networking',
    ],
  })
}

/** What a page must never do: run what it was not given, ask elsewhere, fail. */
export function watchFor(page: Page, origin: string): string[] {
  const wrong: string[] = []
  page.on('pageerror', error => wrong.push(`error: ${error.message}`))
  page.on('dialog', dialog => {
    wrong.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', request => {
    const { protocol, origin: of } = new URL(request.url())
    if (!['data:', 'blob:'].includes(protocol) && of !== origin)
      wrong.push(`asked elsewhere: ${request.url()}`)
  })
  page.on('console', message => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) wrong.push(message.text())
  })
  return wrong
}

/** Contrast of an element's text to the first ground behind it that is no glass (WCAG 2, 1…21). */
export function contrasts(page: Page, selector: string): Promise<{ text: string; ratio: number }[]> {
  return page.$$eval(selector, elements => {
    const parse = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number)
    const light = ([r = 0, g = 0, b = 0]: number[]): number => {
      const [x, y, z] = [r, g, b].map(v =>
        v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!
    }
    return elements
      .filter(element => element.textContent?.trim() && element.getClientRects().length > 0)
      .map(element => {
        let ground: Element | null = element
        while (ground && (parse(getComputedStyle(ground).backgroundColor)[3] ?? 1) < 0.9)
          ground = ground.parentElement
        const a = light(parse(getComputedStyle(element).color))
        const b = light(parse(ground ? getComputedStyle(ground).backgroundColor : 'rgb(255,255,255)'))
        return {
          text: element.textContent!.trim().slice(0, 40),
          ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
        }
      })
  })
}
