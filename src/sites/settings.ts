/** How other sites may use this one. */
export interface SiteSettings {
  /** Names by which browsers may call the service, beside addresses and names that nobody can register. */
  readonly hosts: readonly string[]
  /** The origins whose pages may read everything, start and stop cameras, and show camgate's page in a frame. */
  readonly origins: readonly string[]
  /** The only origins, with `origins`, whose pages may show pictures; if there is none, the pages of any site may. */
  readonly embed: readonly string[]
}
