/**
 * An event of more than so many days is found by its end, in an index of its own: any other that touches a time begins at
 * most so long before it, and is found by its start. The migration of the columns has the number, too.
 */
export const longDays = 31
