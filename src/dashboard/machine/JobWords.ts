/** The page of a job. */
export const jobHref = (id: string): string => `/jobs/${encodeURIComponent(id)}`
