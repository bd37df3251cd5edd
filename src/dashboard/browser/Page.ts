/** What every page loads. Each part finds what it is for on the page, and does nothing without it. */
import { listenForKeys } from "./Keys.ts"
import { followEvents } from "./Live.ts"
import { moveNow } from "./Now.ts"
import { drawSeries } from "./SeriesLoader.ts"
import "./style.css"
import { readStrips } from "./Strips.ts"

const enhance = (): void => {
  readStrips()
  moveNow()
  drawSeries()
}

listenForKeys()
followEvents(enhance)
enhance()
