/** Which streams of an import and which plays of the feed are the same listenings: each of either at most once. */
import { shortestCounted } from "../domain/StreamedPlay.ts"
import { keyText } from "../store/ContentHash.ts"
import type { Candidate, PolledPlay } from "../store/StreamedPlays.ts"
import { alike, certain, farthest, near, type Pair, pairOf, similarityOf, type Stamp } from "./Likeness.ts"

/** A pair that was chosen, and what the play's instant is of its listening. */
export interface Match extends Pair {
  readonly stamp: Stamp
}

/** Before a stream and after it, plays are looked for as far as this, in milliseconds. */
export const reach = farthest

type Hypothesis = "start" | "end"

const distance = (pair: Pair, stamp: Hypothesis): number => stamp === "start" ? pair.toStart : pair.toEnd

const other = (stamp: Hypothesis): Hypothesis => stamp === "start" ? "end" : "start"

/** The pairs that hang together by a stream or a play in common. */
const clustersOf = (pairs: ReadonlyArray<Pair>): ReadonlyArray<ReadonlyArray<Pair>> => {
  const above = new Map<string, string>()
  const top = (name: string): string => {
    let at = name
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next
    return at
  }
  for (const { candidate, play } of pairs) {
    const [one, two] = [top(`c${keyText(candidate.key)}`), top(`p${keyText(play.key)}`)]
    if (one !== two) above.set(one, two)
  }
  return [...Map.groupBy(pairs, ({ candidate }) => top(`c${keyText(candidate.key)}`)).values()]
}

/** What is taken already, of both sides. */
class Taken {
  readonly #keys = new Set<string>()
  has({ candidate, play }: Pair): boolean {
    return this.#keys.has(keyText(candidate.key)) || this.#keys.has(keyText(play.key))
  }
  add({ candidate, play }: Pair): void {
    this.#keys.add(keyText(candidate.key))
    this.#keys.add(keyText(play.key))
  }
}

/** Takes pairs in this order, each stream and each play once. */
const take = (pairs: ReadonlyArray<Pair>, taken: Taken, stampOf: (pair: Pair) => Stamp): ReadonlyArray<Match> =>
  pairs.flatMap((pair) => {
    if (taken.has(pair)) return []
    taken.add(pair)
    return [{ ...pair, stamp: stampOf(pair) }]
  })

const ofOne = (pairs: ReadonlyArray<Pair>, stamp: Hypothesis): ReadonlyArray<Pair> =>
  pairs.filter((pair) => distance(pair, stamp) <= near).toSorted((one, two) =>
    two.similarity - one.similarity || distance(one, stamp) - distance(two, stamp) || one.play.at - two.play.at
  )

/** The pairs of a cluster as they come out when the instants of plays are of this end, then of the other, then of neither. */
const chosen = (pairs: ReadonlyArray<Pair>, stamp: Hypothesis): ReadonlyArray<Match> => {
  const taken = new Taken()
  return [
    ...take(ofOne(pairs, stamp), taken, () => stamp),
    ...take(ofOne(pairs, other(stamp)), taken, () => other(stamp)),
    ...take(
      pairs.toSorted((one, two) =>
        two.confidence - one.confidence || Math.min(one.toStart, one.toEnd) - Math.min(two.toStart, two.toEnd)
      ),
      taken,
      () => "within"
    )
  ]
}

/** What speaks for a choice: how many are near an end as supposed, how many come out at all, and how near they are. */
const worth = (matches: ReadonlyArray<Match>, stamp: Hypothesis): readonly [number, number, number] => [
  matches.filter((match) => match.stamp === stamp).length,
  matches.length,
  -matches.reduce((sum, { toEnd, toStart }) => sum + Math.min(toStart, toEnd), 0)
]

/** The end that most plays are stamped with which can only be one stream's. */
const usual = (clusters: ReadonlyArray<ReadonlyArray<Pair>>): Hypothesis => {
  let starts = 0
  for (const [only, ...more] of clusters) {
    if (only === undefined || more.length > 0 || only.confidence < certain) continue
    starts += only.toStart <= only.toEnd ? 1 : -1
  }
  return starts >= 0 ? "start" : "end"
}

const best = (pairs: ReadonlyArray<Pair>, usual: Hypothesis): ReadonlyArray<Match> => {
  const one = chosen(pairs, usual)
  const two = chosen(pairs, other(usual))
  const [ones, twos] = [worth(one, usual), worth(two, other(usual))]
  const part = [0, 1, 2].find((index) => ones[index] !== twos[index])
  return part === undefined || (ones[part] ?? 0) > (twos[part] ?? 0) ? one : two
}

/** The first place at which `at` is not less. */
const placeOf = (plays: ReadonlyArray<PolledPlay>, at: number): number => {
  let [low, high] = [0, plays.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((plays[middle]?.at ?? Infinity) < at) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The matches between streams and plays, both in order of time. `before` gives the end of the stream before one, whatever has
 * become of that.
 */
export const matchesOf = (
  candidates: ReadonlyArray<Candidate>,
  plays: ReadonlyArray<PolledPlay>,
  before: (candidate: Candidate) => number
): ReadonlyArray<Match> => {
  const memo = new Map<string, number>()
  const similarity = (candidate: Candidate, play: PolledPlay): number => {
    if (candidate.uri === play.uri) return 1
    const names = `${candidate.uri}\n${play.uri}`
    const known = memo.get(names) ?? similarityOf(candidate, play)
    memo.set(names, known)
    return known
  }
  const pairsOf = (
    some: ReadonlyArray<Candidate>,
    among: ReadonlyArray<PolledPlay>,
    isAsked: (candidate: Candidate, play: PolledPlay) => boolean
  ) =>
    some.flatMap((candidate) => {
      const found: Array<Pair> = []
      for (let index = placeOf(among, candidate.start - reach); index < among.length; index++) {
        const play = among[index]
        if (play === undefined || play.at > candidate.end + reach) break
        const pair = isAsked(candidate, play) ? pairOf(candidate, play, before(candidate), similarity) : undefined
        if (pair !== undefined && pair.confidence >= alike) found.push(pair)
      }
      return found
    })
  const settled = (pairs: ReadonlyArray<Pair>): ReadonlyArray<Match> => {
    const clusters = clustersOf(pairs)
    const stamp = usual(clusters)
    return clusters.flatMap((cluster) => best(cluster, stamp))
  }

  const found: Array<Match> = []
  const taken = new Set<string>()
  const isFree = ({ key }: { readonly key: Candidate["key"] }) => !taken.has(keyText(key))
  const add = (matches: ReadonlyArray<Match>): void => {
    for (const match of matches) {
      found.push(match)
      taken.add(keyText(match.candidate.key)).add(keyText(match.play.key))
    }
  }
  // what the feed does not list by itself comes last: beside a start anew lies the play that was broken off
  for (const isShort of [false, true]) {
    const some = candidates.filter(({ millisPlayed }) => millisPlayed < shortestCounted === isShort)
    add(settled(pairsOf(some, plays.filter(isFree), (candidate, play) => candidate.uri === play.uri)))
  }
  // names are compared only where addresses have not settled it, and only of what was heard at the same time
  add(settled(pairsOf(
    candidates.filter(isFree),
    plays.filter(isFree),
    (candidate, play) =>
      candidate.uri !== play.uri && candidate.kind === "track" &&
      play.at >= candidate.start - 2 * near - candidate.millisPlayed && play.at <= candidate.end + 2 * near
  )))
  return found
}
