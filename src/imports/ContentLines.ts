/** The lines of iCalendar (RFC 5545), unfolded: properties with their parameters, in components. What is broken is left out. */

/** `DTSTART;TZID=Europe/Berlin:20261024T083000`. */
export interface Property {
  /** In capitals. */
  readonly name: string
  /** By their names in capitals. */
  readonly parameters: ReadonlyMap<string, string>
  /** As it stands there. */
  readonly value: string
}

export interface Component {
  readonly name: string
  readonly properties: ReadonlyArray<Property>
  readonly children: ReadonlyArray<Component>
}

/** Components that lie deeper in one another are left out; no calendar has more than three. */
const deepest = 8

const nameOf = /^[A-Za-z0-9-]+/

const parameter = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y

/** The property of a line; none where it is no line of a calendar. */
export const propertyOf = (line: string): Property | undefined => {
  const name = nameOf.exec(line)?.[0]
  if (name === undefined) return undefined
  const parameters = new Map<string, string>()
  let at = name.length
  for (;;) {
    parameter.lastIndex = at
    const found = parameter.exec(line)
    if (found === null) break
    const [whole, key = "", value = ""] = found
    parameters.set(key.toUpperCase(), value.replaceAll("\"", ""))
    at += whole.length
  }
  return line[at] === ":" ? { name: name.toUpperCase(), parameters, value: line.slice(at + 1) } : undefined
}

interface Open {
  readonly name: string
  readonly properties: Array<Property>
  readonly children: Array<Component>
}

/** The component that a text of lines is; what lacks its end ends with the text. */
export const componentOf = (text: string): Component | undefined => {
  const open: Array<Open> = []
  let skipped = 0
  const close = () => {
    const done = open.pop()
    if (done !== undefined) open.at(-1)?.children.push(done)
  }
  for (const line of text.split("\n")) {
    const property = propertyOf(line)
    if (property === undefined) continue
    const { name, value } = property
    if (name === "BEGIN") {
      if (open.length >= deepest) skipped++
      else open.push({ name: value.trim().toUpperCase(), properties: [], children: [] })
    } else if (name === "END") {
      if (skipped > 0) skipped--
      else if (open.length > 1) close()
    } else if (skipped === 0) open.at(-1)?.properties.push(property)
  }
  while (open.length > 1) close()
  return open[0]
}

/** The first property of that name. */
export const first = ({ properties }: Component, name: string): Property | undefined =>
  properties.find((property) => property.name === name)

/** All of that name. */
export const all = ({ properties }: Component, name: string): ReadonlyArray<Property> =>
  properties.filter((property) => property.name === name)

/** The words of a property of that name; none where they are blank. */
export const textOf = (component: Component, name: string): string | undefined => {
  const value = first(component, name)?.value
  const text = value?.replace(/\\([\\;,Nn])/g, (_, letter: string) => letter === "n" || letter === "N" ? "\n" : letter)
  return text?.trim() === "" ? undefined : text
}
