/** The line of the present moves on with the server's clock, which the page was made by. */

const minute = 60_000

let timer: ReturnType<typeof setInterval> | undefined

/** Moves the line from where the server drew it. */
export const moveNow = (): void => {
  clearInterval(timer)
  const group = document.querySelector<SVGGElement>("g.now")
  if (group === null) return
  const hour = Number(group.dataset["axisHour"])
  const line = group.querySelector("line")
  const circle = group.querySelector("circle")
  const drawn = Number(line?.getAttribute("y1"))
  const since = performance.now()
  timer = setInterval(() => {
    const y = String(drawn + (performance.now() - since) / minute / 60 * hour)
    line?.setAttribute("y1", y)
    line?.setAttribute("y2", y)
    circle?.setAttribute("cy", y)
  }, minute)
}
