import { AGE_BOUNDS_MS, type AgeHistogram } from '../frames/age-histogram.js'
import { version } from '../package.js'
import type { Configuration } from '../reload/configuration.js'
import type { Viewers } from '../viewers/viewers.js'
import type { Family, Labels, Sample } from './family.js'

export interface ServiceParts {
  readonly configuration: Pick<Configuration, 'status' | 'reloads'>
  readonly viewers: Pick<Viewers, 'ages'>
  readonly notifications: Readonly<Record<'delivered' | 'retried' | 'given-up', number>>
}

/** What there is once, however many cameras there are. */
export const serviceFamilies = ({ configuration, viewers, notifications }: ServiceParts): Family[] => [
  gauge('camgate_build_info', 'The version of camgate; always 1.', () => [{ labels: { version }, value: 1 }]),
  gauge('camgate_config_last_reload_successful', 'Whether the configuration is in force as its files are now.', () => [{ value: Number(configuration.status.error === null) }]),
  gauge('camgate_config_last_reload_success_timestamp_seconds', 'When the configuration that is in force was read.', () => [{ value: Date.parse(configuration.status.loadedAt) / 1_000 }]),
  {
    ...{ name: 'camgate_config_reloads_total', type: 'counter', help: 'How often the configuration was read again, and put in force or refused.' },
    samples: () => byResult(configuration.reloads)
  },
  {
    ...{ name: 'camgate_notifications_total', type: 'counter', help: 'Notifications that were delivered or given up, and attempts that were made again.' },
    samples: () => byResult(notifications)
  },
  {
    ...{ name: 'camgate_picture_age_seconds', type: 'histogram', help: "How old pictures were when a viewer's connection had accepted all of them." },
    samples: () => Object.entries(viewers.ages).flatMap(([transport, ages]) => bucketsOf({ transport }, ages))
  }
]

const byResult = (counts: Readonly<Record<string, number>>): Sample[] => Object.entries(counts).map(([result, value]) => ({ labels: { result }, value }))

const gauge = (name: string, help: string, samples: () => Sample[]): Family => ({ name, type: 'gauge', help, samples })

/** Prometheus wants in each bucket what is in those before it, too. */
function bucketsOf (labels: Labels, { counts, sumMs }: AgeHistogram): Sample[] {
  let count = 0
  const buckets = [...AGE_BOUNDS_MS, Infinity].map((bound, index): Sample => {
    count += counts[index]!
    return { labels: { ...labels, le: bound === Infinity ? '+Inf' : String(bound / 1_000) }, value: count, suffix: '_bucket' }
  })
  return [...buckets, { labels, value: sumMs / 1_000, suffix: '_sum' }, { labels, value: count, suffix: '_count' }]
}
