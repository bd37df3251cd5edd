/** One small text beside the pointer or the slider. */

const element = document.createElement("div")
element.className = "tip"
element.hidden = true
element.setAttribute("aria-hidden", "true") // sliders tell the same by aria-valuetext

/** Shows the text with its corner near the point, in the window's coordinates, and inside of it. */
export const showTip = (text: string, x: number, y: number): void => {
  if (!element.isConnected) document.body.append(element)
  element.textContent = text
  element.hidden = false
  const { height, width } = element.getBoundingClientRect()
  element.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - width - 4))}px`
  element.style.top = `${Math.max(4, Math.min(y + 12, innerHeight - height - 4))}px`
}

export const hideTip = (): void => {
  element.hidden = true
}
