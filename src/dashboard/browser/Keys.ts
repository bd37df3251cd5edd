/**
 * Links with `data-key` are followed by that key, unless somebody is writing. Single letters are no such keys: who dictates says
 * many of them without meaning any (WCAG 2.1.4).
 */

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const scrollsSideways = (element: Element): boolean =>
  element.scrollWidth > element.clientWidth && /^(auto|scroll)$/.test(getComputedStyle(element).overflowX)

/** What takes arrow keys itself: a slider, a box, and whatever scrolls sideways around the focus. */
const takesArrows = (target: EventTarget | null): boolean => {
  if (!(target instanceof Element)) return false
  if (target.closest("[role=slider], [popover]") !== null) return true
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    if (scrollsSideways(element)) return true
  }
  return false
}

export const listenForKeys = (): void => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isWriting(event.target)) return
    if (event.key.length === 1 || (event.key.startsWith("Arrow") && takesArrows(event.target))) return
    const link = document.querySelector<HTMLAnchorElement>(`a[data-key="${CSS.escape(event.key)}"]`)
    if (link === null) return
    event.preventDefault()
    link.click()
  })
}
