/** Charts are loaded where the page has one. */
export const drawSeries = (): void => {
  const figures = document.querySelectorAll<HTMLElement>("figure[data-series]:not([data-drawn])")
  if (figures.length === 0) return
  for (const figure of figures) figure.dataset["drawn"] = ""
  void import("./Series.ts").then(({ draw }) => {
    for (const figure of figures) draw(figure)
  })
}
