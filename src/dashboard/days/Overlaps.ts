/** Puts what happens at the same time side by side. */

/** Something with a beginning and an end, on any scale. */
export interface Spanned {
  readonly from: number
  readonly to: number
}

/** Where one of them stands: its lane, of how many. */
export interface Placed<A> {
  readonly item: A
  readonly lane: number
  readonly lanes: number
  /** How many lanes it fills, towards the right. */
  readonly width: number
}

/** What there is no room for, told together. */
export interface Crowd<A> extends Spanned {
  readonly items: ReadonlyArray<A>
}

export interface Arrangement<A> {
  readonly placed: ReadonlyArray<Placed<A>>
  readonly crowds: ReadonlyArray<Crowd<A>>
}

/** Those that hang together by overlaps. */
const clusters = <A extends Spanned>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> => {
  const sorted = items.toSorted((one, other) => one.from - other.from || other.to - one.to)
  const found: Array<Array<A>> = []
  let end = Number.NEGATIVE_INFINITY
  for (const item of sorted) {
    const last = found.at(-1)
    if (last !== undefined && item.from < end) last.push(item)
    else found.push([item])
    end = Math.max(end, item.to)
  }
  return found
}

const overlap = (one: Spanned, other: Spanned): boolean => one.from < other.to && other.from < one.to

/**
 * Each item takes the first lane that is free for it. With more than `most` lanes the last one tells how many more there
 * are. An item reaches over free lanes on its right.
 */
export const arrange = <A extends Spanned>(items: ReadonlyArray<A>, most: number): Arrangement<A> => {
  const placed: Array<Placed<A>> = []
  const crowds: Array<Crowd<A>> = []
  for (const cluster of clusters(items)) {
    const lanes: Array<Array<A>> = []
    for (const item of cluster) {
      const free = lanes.find((lane) => lane.every((other) => !overlap(item, other)))
      if (free === undefined) lanes.push([item])
      else free.push(item)
    }
    const tooMany = lanes.length > most
    const shown = tooMany ? lanes.slice(0, most - 1) : lanes
    const width = tooMany ? most : lanes.length
    shown.forEach((lane, at) => {
      for (const item of lane) {
        const next = lanes.slice(at + 1).findIndex((other) => other.some((taken) => overlap(item, taken)))
        const reach = next === -1 ? lanes.length : next + 1
        placed.push({ item, lane: at, lanes: width, width: Math.min(reach, shown.length - at) })
      }
    })
    if (tooMany) {
      const hidden = lanes.slice(most - 1).flat().toSorted((one, other) => one.from - other.from)
      crowds.push({
        from: Math.min(...hidden.map(({ from }) => from)),
        to: Math.max(...hidden.map(({ to }) => to)),
        items: hidden
      })
    }
  }
  return { placed, crowds }
}
