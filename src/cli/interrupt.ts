// Ctrl-C: the first one asks a run to end in good order, the second one kills.

import { EXIT } from './exit.js'

export interface Interrupt {
  signal: AbortSignal
  /** Resolves at the first signal: what waits for a silent pipe need not wait on. */
  aborted: Promise<undefined>
  /** The run has ended. */
  release(): void
}

export function createInterrupt(): Interrupt {
  const controller = new AbortController()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    controller.abort()
  }
  for (const name of names) process.on(name, onSignal)
  return {
    signal: controller.signal,
    aborted: new Promise(resolve =>
      controller.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    ),
    release() {
      for (const name of names) process.off(name, onSignal)
      // a pipe that nobody reads any more would keep the process alive
      if (controller.signal.aborted) process.stdin.destroy()
    },
  }
}
