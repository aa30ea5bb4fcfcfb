import type { KnownHosts } from './hosts.js'

/** How other sites may use this one. */
export interface SiteSettings {
  /** The names by which browsers may call the service. */
  readonly hosts: KnownHosts
  /** The origins whose pages may read everything, start and stop cameras, and show camgate's page in a frame. */
  readonly origins: readonly string[]
  /** The only origins, with `origins`, whose pages may show pictures; if there is none, the pages of any site may. */
  readonly embed: readonly string[]
}
