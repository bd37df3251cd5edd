/** What a full listing of a calendar would list, as a condition over the columns of its events. */
import { DateTime, Option } from "effect"
import { dayOf } from "../domain/LocalDay.ts"

export interface EventsWindow {
  /** It asks for what ends after this. */
  readonly from: DateTime.Utc
  /** The calendar's IANA time zone, in which an all-day event ends. */
  readonly zone: Option.Option<string>
  /** Ids of events that stand outside, whenever they end. */
  readonly except: ReadonlyArray<string>
}

/** East of every zone: a day that has ended there has ended everywhere. */
const farEast = DateTime.zoneMakeOffset(14 * 3_600_000)

/** Google compares an event's end, for a day its midnight. */
export const inWindow = ({ except, from, zone }: EventsWindow) => ({
  where: "google_id NOT IN $window_except AND ((all_day = true AND (end_date ?? start_date) > $window_day) OR " +
    "(all_day = false AND (end ?? start) > $window_start))",
  vars: {
    window_except: except,
    window_start: from,
    window_day: dayOf(from, Option.getOrElse(Option.flatMap(zone, DateTime.zoneMakeNamed), () => farEast))
  }
})
