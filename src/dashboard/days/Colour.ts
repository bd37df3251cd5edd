/** Classes of colour. Each of them has a light and a dark form in days.css. */
import { Hash, Option } from "effect"

/** Google's colours 1 to 11; without one, one of seven by the series, so that its instances are alike. */
export const eventColour = (event: {
  readonly id: string
  readonly color_id: Option.Option<string>
  readonly series_id: Option.Option<string>
}): string =>
  Option.match(Option.filter(event.color_id, (id) => /^([1-9]|1[01])$/.test(id)), {
    onNone: () => `own${Math.abs(Hash.string(Option.getOrElse(event.series_id, () => event.id))) % 7}`,
    onSome: (id) => `google${id}`
  })

/** 50 to 150 beats a minute in eleven steps; what lies beyond is as the last. */
export const heartColour = (bpm: number): number => Math.round((Math.min(Math.max(bpm, 50), 150) - 50) / 10)

/** Of a value among others: 0 for nothing, 1 to 5 by quarters of what is most. */
export const heatLevel = (value: number, most: number): number =>
  value <= 0 || most <= 0 ? 0 : Math.min(5, 1 + Math.floor(value / most * 4.999))
