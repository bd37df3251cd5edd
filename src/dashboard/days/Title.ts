import { Option } from "effect"

/** What an event is called, also one without a name. */
export const titleOf = ({ title }: { readonly title: Option.Option<string> }): string =>
  Option.getOrElse(title, () => "(No title)")
