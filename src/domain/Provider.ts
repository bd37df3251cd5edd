import { Schema } from "effect"

/** A service that holds the person's data. */
export const Provider = Schema.Literals(["google", "spotify", "oura"])
export type Provider = typeof Provider.Type

/** How the provider is called in sentences. */
export const providerTitle: { readonly [P in Provider]: string } = {
  google: "Google",
  spotify: "Spotify",
  oura: "Oura"
}
