/** Links with `data-key` are followed by that key, unless somebody is writing. */

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** What takes arrow keys itself. */
const takesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[role=slider], .scroll, .week-scroll, [popover]") !== null

export const listenForKeys = (): void => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isWriting(event.target)) return
    if (event.key.startsWith("Arrow") && takesArrows(event.target)) return
    const link = document.querySelector<HTMLAnchorElement>(`a[data-key="${CSS.escape(event.key)}"]`)
    if (link === null) return
    event.preventDefault()
    link.click()
  })
}
