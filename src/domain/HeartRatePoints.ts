/** Milliseconds since 1970, and beats a minute. */
export type Sample = readonly [at: number, bpm: number]

/** What the samples of a stretch of time come to; `at`, its beginning, in milliseconds. */
export interface HeartRatePoint {
  readonly at: number
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly samples: number
}

/** Samples in order of time by stretches of so many seconds, counted from 1970 on; 0 leaves each as it is. */
export const heartRatePoints = (
  samples: ReadonlyArray<Sample>,
  resolutionSeconds: number
): ReadonlyArray<HeartRatePoint> => {
  const size = resolutionSeconds * 1000
  const points: Array<{ at: number; sum: number; min: number; max: number; samples: number }> = []
  for (const [measured, bpm] of samples) {
    const at = size === 0 ? measured : Math.floor(measured / size) * size
    const last = points.at(-1)
    if (last === undefined || last.at !== at || size === 0) {
      points.push({ at, sum: bpm, min: bpm, max: bpm, samples: 1 })
    } else {
      last.sum += bpm
      last.min = Math.min(last.min, bpm)
      last.max = Math.max(last.max, bpm)
      last.samples++
    }
  }
  return points.map(({ sum, ...point }) => ({ ...point, mean: Math.round(sum / point.samples * 100) / 100 }))
}
