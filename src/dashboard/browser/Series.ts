/** Draws a figure's table as lines. The table stays, for those who read rather than look. */
import uPlot from "uplot"

const height = 240

const valueOf = (cell: Element): number | null => {
  const text = cell.getAttribute("data-value")
  return text === null || text === "" ? null : Number(text)
}

interface Table {
  readonly names: ReadonlyArray<string>
  readonly data: [Array<number>, ...Array<Array<number | null>>]
}

/** The columns of the table; instants in seconds first. */
const tableOf = (figure: HTMLElement): Table => {
  const names = [...figure.querySelectorAll("thead th")].slice(1).map(({ textContent }) => textContent ?? "")
  const rows = [...figure.querySelectorAll("tbody tr")]
  return {
    names,
    data: [
      rows.map((row) => Number(row.querySelector("th")?.getAttribute("data-value"))),
      ...names.map((_, at) =>
        rows.map((row) => {
          const cell = row.querySelectorAll("td")[at]
          return cell === undefined ? null : valueOf(cell)
        })
      )
    ]
  }
}

/** A line of its own look for each series, not of its own colour alone. */
const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4]]

const plotOf = (figure: HTMLElement, target: HTMLElement): uPlot => {
  const { data, names } = tableOf(figure)
  const look = getComputedStyle(figure)
  const ink = look.getPropertyValue("--ink-soft")
  const axis = { stroke: ink, grid: { stroke: look.getPropertyValue("--line-soft"), width: 1 }, ticks: { show: false } }
  const locale = document.documentElement.dataset["locale"] ?? "en-GB"
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" })
  return new uPlot(
    {
      width: target.clientWidth,
      height,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { time: true } },
      axes: [{ ...axis, values: (_, splits) => splits.map((at) => day.format(at * 1000)) }, axis],
      legend: { live: true },
      series: [
        { label: "Day", value: (_, at) => at === null ? "–" : day.format(at * 1000) },
        ...names.map((label, at) => ({
          label,
          stroke: look.getPropertyValue(`--series-${at % 4}`),
          width: 2,
          dash: dashes[at % dashes.length] ?? [],
          spanGaps: false,
          points: { show: data[0].length < 40, size: 5 }
        }))
      ]
    },
    data,
    target
  )
}

/** Draws the figure, and again when its width or the colours of the page change. */
export const draw = (figure: HTMLElement): void => {
  const target = document.createElement("div")
  target.className = "plot"
  target.setAttribute("aria-hidden", "true") // the table says the same
  figure.prepend(target)
  let plot = plotOf(figure, target)
  new ResizeObserver(() => {
    if (target.clientWidth !== plot.width && target.clientWidth > 0) plot.setSize({ width: target.clientWidth, height })
  }).observe(target)
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot.destroy()
    plot = plotOf(figure, target)
  })
}
