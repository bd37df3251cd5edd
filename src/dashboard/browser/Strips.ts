/** The strips beside a day: what was measured and heard at the pointer, or at the time that the arrow keys have reached. */
import { type Change, changeOf, clockOf, elapsedOf, endOf, halfOf } from "./ClockFace.ts"
import { hideTip, showTip } from "./Tip.ts"

interface Sample {
  /** Elapsed minutes of the day. */
  readonly minute: number
  readonly bpm: number
}

/** A sample farther away than that says nothing of a time. */
const near = 15

/** What the day's column leaves between two strips, in pixels. */
const gap = 3

const samplesOf = (svg: SVGSVGElement): ReadonlyArray<Sample> =>
  (svg.dataset["samples"] ?? "").split(" ").flatMap((part) => {
    const found = /^(\d+),(\d+)$/.exec(part)
    return found === null ? [] : [{ minute: Number(found[1]), bpm: Number(found[2]) }]
  })

/** `02:30`, or `02:30 (second time)` */
const clock = (change: Change | undefined, minute: number): string => {
  const whole = Math.floor(clockOf(change, minute))
  const text = `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`
  return halfOf(change, minute) === "right" ? `${text} (second time)` : text
}

const nearest = (samples: ReadonlyArray<Sample>, minute: number): Sample | undefined => {
  let best: Sample | undefined
  for (const sample of samples) {
    const distance = Math.abs(sample.minute - minute)
    if (distance <= near && (best === undefined || distance < Math.abs(best.minute - minute))) best = sample
  }
  return best
}

const heartText = (svg: SVGSVGElement, minute: number): string => {
  const { change } = drawnBy(svg)
  const sample = nearest(samplesOf(svg), minute)
  if (sample === undefined) return `${clock(change, minute)}, no heart rate`
  return `${clock(change, sample.minute)}, ${sample.bpm} beats a minute`
}

/** The track that was on at the time, out of the lists of the day's sessions. */
const trackText = (svg: SVGSVGElement, minute: number): string | undefined => {
  for (const line of svg.parentElement?.querySelectorAll<HTMLElement>(".tracks li") ?? []) {
    const from = Number(line.dataset["from"])
    if (from <= minute && minute < Number(line.dataset["to"])) {
      const again = halfOf(drawnBy(svg).change, from) === "right" ? " (second time)" : ""
      return `${line.querySelector("time")?.textContent ?? ""}${again} ${line.querySelector("span")?.textContent ?? ""}`
        .trim()
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
  return {
    from: Number(svg.dataset["axisFrom"]),
    hour: Number(svg.dataset["axisHour"]),
    x,
    width,
    change: changeOf(svg.querySelector<SVGGElement>("g.heart")?.dataset["change"])
  }
}

/** The elapsed minute at a point of the window; none in the hour that is skipped. */
const minuteAt = (svg: SVGSVGElement, { clientX, clientY }: MouseEvent): number | undefined => {
  const { change, from, hour, width, x } = drawnBy(svg)
  const { left, top, width: all } = svg.getBoundingClientRect()
  const across = clientX - left
  const end = x + width
  const middle = across <= end ? x + width / 2 : (end + gap + all) / 2
  return elapsedOf(change, from + (clientY - top) / hour * 60, across < middle ? "left" : "right")
}

const set = (element: Element, attributes: { readonly [name: string]: string | number }): void => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

/** Makes the ribbon a slider over the day: the arrow keys go by five minutes, Page by an hour, and a press goes where it is. */
const makeSlider = (svg: SVGSVGElement): void => {
  const slider = svgOf("g")
  const area = svgOf("rect")
  const cursor = svgOf("rect")
  let minute = elapsedOf(drawnBy(svg).change, 720, "left") ?? 720
  set(slider, {
    tabindex: 0,
    role: "slider",
    class: "reader",
    "aria-orientation": "vertical",
    "aria-label": `Heart rate, ${svg.dataset["title"] ?? ""}`
  })
  slider.append(area, cursor)
  svg.append(slider)
  const update = (): void => {
    const { change, from, hour, width, x } = drawnBy(svg)
    const height = Number(svg.getAttribute("height"))
    const first = elapsedOf(change, from, "left") ?? from
    const last = Math.min(endOf(change) - 1, elapsedOf(change, from + height / hour * 60, "right") ?? Infinity)
    minute = Math.min(Math.max(minute, first), last)
    const half = halfOf(change, minute)
    const text = heartText(svg, minute)
    set(area, { x, y: 0, width, height, class: "area" })
    set(cursor, {
      x: half === "right" ? x + width / 2 : x,
      y: (clockOf(change, minute) - from) / 60 * hour - 1,
      width: half === undefined ? width : width / 2,
      height: 3,
      class: "cursor"
    })
    set(slider, {
      "aria-valuemin": first,
      "aria-valuemax": last,
      "aria-valuenow": Math.floor(minute),
      "aria-valuetext": text
    })
    if (document.activeElement !== slider) return
    const { right, top } = cursor.getBoundingClientRect()
    showTip(text, right, top)
  }
  /** After keys alone: who points at a place sees it. */
  const reveal = (): void => {
    const { bottom, top } = cursor.getBoundingClientRect()
    if (top < 0 || bottom > innerHeight) cursor.scrollIntoView({ block: "center" })
    update()
  }
  slider.addEventListener("keydown", (event) => {
    const by = step[event.key]
    const to = by !== undefined ? minute + by : event.key === "Home" ? 0 : event.key === "End" ? Infinity : undefined
    if (to === undefined) return
    event.preventDefault()
    minute = to
    update()
    reveal()
  })
  slider.addEventListener("pointerdown", (event) => {
    minute = minuteAt(svg, event) ?? minute
    update()
  })
  slider.addEventListener("focus", () => {
    update()
    if (slider.matches(":focus-visible")) reveal()
  })
  slider.addEventListener("blur", hideTip)
  update()
}

const read = (svg: SVGSVGElement): void => {
  svg.addEventListener("pointermove", (event) => {
    const { width, x } = drawnBy(svg)
    const minute = minuteAt(svg, event)
    const across = event.clientX - svg.getBoundingClientRect().left
    const text = across < x || minute === undefined
      ? undefined // the night has a title of its own
      : across <= x + width
      ? heartText(svg, minute)
      : trackText(svg, minute)
    if (text === undefined) hideTip()
    else showTip(text, event.clientX, event.clientY)
  })
  svg.addEventListener("pointerleave", (event) => {
    // a finger leaves at once, and what it has read stays until the focus goes elsewhere
    if (event.pointerType !== "touch" || !svg.contains(document.activeElement)) hideTip()
  })
  svg.addEventListener("pointercancel", hideTip)
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
