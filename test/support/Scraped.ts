/** The text of `/metrics`, taken apart. */

interface Family {
  type: string
  /** The names and labels of its samples. */
  readonly series: Array<string>
}

const suffix = /_(?:bucket|sum|count)$/

/** Names of labels in a sample's name. */
export const labelsOf = (series: string): ReadonlyArray<string> =>
  [...series.matchAll(/(\w+)="/g)].map(([, label = ""]) => label)

/** Reads the text format, strictly: every sample stands below the type of its family. */
export const read = (text: string) => {
  const families = new Map<string, Family>()
  const values = new Map<string, number>()
  for (const line of text.split("\n")) {
    const [, name, type] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? []
    if (name !== undefined && type !== undefined) families.set(name, { type, series: [] })
    const [, series, value] = /^([^#].*) (\S+)$/.exec(line) ?? []
    if (series === undefined || value === undefined) continue
    const bare = series.replace(/\{.*$/, "")
    const family = families.get(bare) ?? families.get(bare.replace(suffix, ""))
    if (family === undefined) throw new Error(`${series} has no type`)
    family.series.push(series)
    values.set(series, Number(value))
  }
  return { families, series: [...values.keys()], value: (series: string) => values.get(series) }
}
