import { DateTime, Option } from "effect"

/** The zone of that IANA id; none for offsets, for `Local`, and for what ICU calls a zone it does not know. */
export const ianaZone = (id: string): Option.Option<DateTime.TimeZone.Named> =>
  /^[A-Za-z]/.test(id) && id !== "Etc/Unknown" ? DateTime.zoneMakeNamed(id) : Option.none()
