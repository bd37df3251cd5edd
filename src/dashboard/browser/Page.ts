/** What every page loads. Each part finds what it is for on the page, and without it does nothing. */
import "./style.css"
