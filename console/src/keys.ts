// Keys that work anywhere but where text is written.

export function keys(actions: Record<string, (event: KeyboardEvent) => void>): void {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    const { target } = event
    const writes =
      target instanceof HTMLElement &&
      target.matches('input:not([type=checkbox],[type=range]), textarea, select')
    if (writes) {
      if (event.key === 'Escape') (target as HTMLElement).blur()
      return
    }
    // the map has its own arrows
    if (event.key.startsWith('Arrow') && target instanceof HTMLCanvasElement) return
    actions[event.key]?.(event)
  })
}
