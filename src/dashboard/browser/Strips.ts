/** The strips beside a day: what was measured and heard at the pointer, or at the time that the arrow keys have reached. */
import { hideTip, showTip } from "./Tip.ts"

interface Sample {
  /** After midnight, by the clock. */
  readonly minute: number
  readonly bpm: number
  /** In the hour that the clocks show twice: the second time. */
  readonly isRepeated: boolean
}

/** A sample farther away than that says nothing of a time. */
const near = 15

const samplesOf = (svg: SVGSVGElement): ReadonlyArray<Sample> =>
  (svg.dataset["samples"] ?? "").split(" ").flatMap((part) => {
    const found = /^(\d+),(\d+)(r?)$/.exec(part)
    return found === null
      ? []
      : [{ minute: Number(found[1]), bpm: Number(found[2]), isRepeated: found[3] === "r" }]
  })

const clock = (minute: number): string => {
  const whole = Math.round(minute)
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`
}

const nearest = (samples: ReadonlyArray<Sample>, minute: number): Sample | undefined => {
  let best: Sample | undefined
  for (const sample of samples) {
    const distance = Math.abs(sample.minute - minute)
    if (distance <= near && (best === undefined || distance < Math.abs(best.minute - minute))) best = sample
  }
  return best
}

const heartText = (samples: ReadonlyArray<Sample>, minute: number): string => {
  const sample = nearest(samples, minute)
  if (sample === undefined) return `${clock(minute)}, no heart rate`
  return `${clock(sample.minute)}${sample.isRepeated ? " (second time)" : ""}, ${sample.bpm} beats a minute`
}

/** The track that was on at the time, out of the lists of the day's sessions. */
const trackText = (column: Element, minute: number): string | undefined => {
  for (const line of column.querySelectorAll<HTMLElement>(".tracks li")) {
    if (Number(line.dataset["from"]) <= minute && minute < Number(line.dataset["to"])) {
      return `${line.querySelector("time")?.textContent ?? ""} ${line.querySelector("span")?.textContent ?? ""}`.trim()
    }
  }
  return undefined
}

const svgOf = (name: string): SVGElement => document.createElementNS("http://www.w3.org/2000/svg", name)

const step: { readonly [key: string]: number } = {
  ArrowUp: -5,
  ArrowDown: 5,
  ArrowLeft: -5,
  ArrowRight: 5,
  PageUp: -60,
  PageDown: 60
}

/** What a strip is drawn by; it may have been read again since. */
const drawnBy = (svg: SVGSVGElement) => {
  const [x = 0, width = 12] = (svg.dataset["heart"] ?? "").split(" ").map(Number)
  return { from: Number(svg.dataset["axisFrom"]), hour: Number(svg.dataset["axisHour"]), x, width }
}

const set = (element: Element, attributes: { readonly [name: string]: string | number }): void => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

/** Makes the ribbon a slider over the day: the arrow keys go by five minutes, Page by an hour. */
const makeSlider = (svg: SVGSVGElement): void => {
  const slider = svgOf("g")
  const area = svgOf("rect")
  const cursor = svgOf("rect")
  let minute = 720
  set(slider, {
    tabindex: 0,
    role: "slider",
    class: "reader",
    "aria-orientation": "vertical",
    "aria-label": `Heart rate, ${svg.dataset["title"] ?? ""}`,
    "aria-valuemin": 0,
    "aria-valuemax": 1439
  })
  slider.append(area, cursor)
  svg.append(slider)
  const update = (): void => {
    const { from, hour, width, x } = drawnBy(svg)
    const height = Number(svg.getAttribute("height"))
    minute = Math.min(Math.max(minute, from), 1439, from + height / hour * 60)
    const text = heartText(samplesOf(svg), minute)
    set(area, { x, y: 0, width, height, class: "area" })
    set(cursor, { x, y: (minute - from) / 60 * hour - 1, width, height: 3, class: "cursor" })
    set(slider, { "aria-valuenow": Math.round(minute), "aria-valuetext": text })
    if (document.activeElement !== slider) return
    const box = cursor.getBoundingClientRect()
    if (box.top < 0 || box.bottom > innerHeight) cursor.scrollIntoView({ block: "center" })
    const { right, top } = cursor.getBoundingClientRect()
    showTip(text, right, top)
  }
  slider.addEventListener("keydown", (event) => {
    const by = step[event.key]
    const to = by !== undefined ? minute + by : event.key === "Home" ? 0 : event.key === "End" ? 1439 : undefined
    if (to === undefined) return
    event.preventDefault()
    minute = Math.max(to, 0)
    update()
  })
  slider.addEventListener("focus", update)
  slider.addEventListener("blur", hideTip)
  update()
}

const read = (svg: SVGSVGElement): void => {
  svg.addEventListener("pointermove", (event) => {
    const { from, hour, width, x } = drawnBy(svg)
    const box = svg.getBoundingClientRect()
    const minute = from + (event.clientY - box.top) / hour * 60
    const across = event.clientX - box.left
    const text = across < x
      ? undefined // the night has a title of its own
      : across <= x + width
      ? heartText(samplesOf(svg), minute)
      : svg.parentElement === null
      ? undefined
      : trackText(svg.parentElement, minute)
    if (text === undefined) hideTip()
    else showTip(text, event.clientX, event.clientY)
  })
  svg.addEventListener("pointerleave", hideTip)
}

/** Those that are on the page and not read yet. */
export const readStrips = (): void => {
  for (const svg of document.querySelectorAll<SVGSVGElement>("svg.strips")) {
    if (svg.dataset["read"] === undefined) {
      svg.dataset["read"] = ""
      read(svg)
    }
    if (svg.dataset["samples"] !== "" && svg.querySelector(".reader") === null) makeSlider(svg)
  }
}
