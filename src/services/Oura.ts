import { Context, type DateTime, type Effect, type Redacted, type Stream } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { OuraDataType } from "../domain/Task.ts"
import type { ProviderProfile } from "./ProviderProfile.ts"

/** A collection of documents that have an `id` and a `day`. */
export type OuraDocumentType = Exclude<OuraDataType, "heartrate">

/** Oura's API v2: collections, each element of a stream being the items of one page as sent. */
export class Oura extends Context.Service<Oura, {
  /** Who the token belongs to: asked once, at the sign-in. Needs the scope `personal`. */
  readonly profile: (token: Redacted.Redacted<string>) => Effect.Effect<ProviderProfile, ProviderError>
  /**
   * The documents between two local days (`YYYY-MM-DD`), sent as they are. Each type compares the bounds with an anchor
   * of its own, so ask from a day before to two days after and filter on `day`.
   */
  readonly documents: (
    connection: ConnectionId,
    type: OuraDocumentType,
    window: { readonly startDate: string; readonly endDate: string }
  ) => Stream.Stream<ReadonlyArray<unknown>, ProviderError>
  /**
   * The heart-rate rows between two instants, asked in windows of less than 30 days, oldest first. A row on the seam of
   * two windows is listed in both.
   */
  readonly heartrate: (
    connection: ConnectionId,
    window: { readonly from: DateTime.Utc; readonly to: DateTime.Utc }
  ) => Stream.Stream<ReadonlyArray<unknown>, ProviderError>
}>()("glider/services/Oura") {}
