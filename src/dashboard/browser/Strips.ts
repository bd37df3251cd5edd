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

const samplesOf = (text: string): ReadonlyArray<Sample> =>
  text.split(" ").flatMap((part) => {
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

/** Makes the ribbon a slider over the day: the arrow keys go by five minutes, Page by an hour. */
const makeSlider = (svg: SVGSVGElement, samples: ReadonlyArray<Sample>): void => {
  const from = Number(svg.dataset["axisFrom"])
  const hour = Number(svg.dataset["axisHour"])
  const [x = "0", width = "12"] = (svg.dataset["heart"] ?? "").split(" ")
  const slider = svgOf("g")
  const cursor = svgOf("rect")
  const height = Number(svg.getAttribute("height"))
  const last = Math.min(1439, from + height / hour * 60)
  let minute = Math.min(Math.max(720, from), last)
  const attributes = {
    tabindex: "0",
    role: "slider",
    class: "reader",
    "aria-orientation": "vertical",
    "aria-label": `Heart rate, ${svg.dataset["title"] ?? ""}`,
    "aria-valuemin": "0",
    "aria-valuemax": "1439"
  }
  for (const [name, value] of Object.entries(attributes)) slider.setAttribute(name, value)
  for (const [name, value] of Object.entries({ x, width, height: "3", class: "cursor" })) {
    cursor.setAttribute(name, value)
  }
  const area = svgOf("rect")
  for (const [name, value] of Object.entries({ x, y: "0", width, height: String(height), class: "area" })) {
    area.setAttribute(name, value)
  }
  slider.append(area, cursor)
  svg.append(slider)
  const update = (): void => {
    const text = heartText(samples, minute)
    cursor.setAttribute("y", String((minute - from) / 60 * hour - 1))
    slider.setAttribute("aria-valuenow", String(minute))
    slider.setAttribute("aria-valuetext", text)
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
    minute = Math.min(Math.max(to, Math.max(0, from)), last)
    update()
  })
  slider.addEventListener("focus", update)
  slider.addEventListener("blur", hideTip)
  update()
}

const read = (svg: SVGSVGElement): void => {
  const samples = samplesOf(svg.dataset["samples"] ?? "")
  const from = Number(svg.dataset["axisFrom"])
  const hour = Number(svg.dataset["axisHour"])
  const [x = 0, width = 0] = (svg.dataset["heart"] ?? "").split(" ").map(Number)
  const column = svg.parentElement
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect()
    const minute = from + (event.clientY - box.top) / hour * 60
    const across = event.clientX - box.left
    const text = across < x
      ? undefined // the night has a title of its own
      : across <= x + width
      ? heartText(samples, minute)
      : column === null
      ? undefined
      : trackText(column, minute)
    if (text === undefined) hideTip()
    else showTip(text, event.clientX, event.clientY)
  })
  svg.addEventListener("pointerleave", hideTip)
  if (samples.length > 0) makeSlider(svg, samples)
}

/** Those that are on the page and not read yet. */
export const readStrips = (): void => {
  for (const svg of document.querySelectorAll<SVGSVGElement>("svg.strips:not([data-read])")) {
    svg.dataset["read"] = ""
    read(svg)
  }
}
