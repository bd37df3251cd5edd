/** Languages by their tags (BCP 47). */

/** From the one that ISO 8601 calls the first. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

/** Whether dates and numbers can be written in that language. */
export const isLocale = (tag: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false // not even a tag
  }
}

/** The weekday with which weeks begin in the country of the language: 1 is Monday, 7 Sunday. */
export const firstWeekday = (tag: string): number => {
  const locale: Intl.Locale & { readonly getWeekInfo?: () => { readonly firstDay: number } } = new Intl.Locale(tag)
  return locale.getWeekInfo?.().firstDay ?? 1
}
