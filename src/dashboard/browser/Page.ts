/** What every page loads. Each part finds what it is for on the page, and does nothing without it. */
import { listenForKeys } from "./Keys.ts"
import { followEvents } from "./Live.ts"
import { moveNow } from "./Now.ts"
import { drawSeries } from "./SeriesLoader.ts"
import { readStrips } from "./Strips.ts"

const enhance = (): void => {
  readStrips()
  moveNow()
  drawSeries()
}

/** What is wider than the window begins with today, and the navigation with where one is. */
const bringIntoView = (): void => {
  const today = document.querySelector<HTMLElement>(".week .today")
  const scroller = today?.closest(".week-scroll")
  const axis = scroller?.querySelector<HTMLElement>(".axis")
  if (today && scroller && axis && scroller.scrollWidth > scroller.clientWidth) {
    scroller.scrollLeft = today.offsetLeft - axis.offsetWidth
  }
  const cell = document.querySelector(".heat-scroll [aria-current]")
  const heat = cell?.closest(".heat-scroll")
  if (cell && heat && heat.scrollWidth > heat.clientWidth) {
    heat.scrollLeft += cell.getBoundingClientRect().right - heat.getBoundingClientRect().right + 24
  }
  const place = document.querySelector<HTMLElement>(".bar [aria-current]")
  const bar = place?.closest(".bar")
  if (place && bar && bar.scrollWidth > bar.clientWidth) {
    bar.scrollLeft = place.offsetLeft - (bar.clientWidth - place.offsetWidth) / 2
  }
}

listenForKeys()
bringIntoView()
followEvents(enhance)
enhance()
