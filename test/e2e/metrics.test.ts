import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { seriesOf } from '../metrics/series.js'
import { noPrometheus, objections } from '../monitoring/prometheus.js'
import { small } from '../simulator/small.js'
import { startService, type Service } from './service.js'
import { until } from './until.js'
import { Viewer } from './viewer.js'

const textOf = async ({ url }: Service) => await (await fetch(new URL('metrics', url))).text()

t.test('the series of a real service', { timeout: 120_000 }, async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: 'gate' }, { ...small, id: 'yard', codec: 'mjpeg' }, { ...small, id: 'dead' }] })
  t.teardown(() => simulator.close())
  await simulator.setFault('dead', { kind: 'refuse' })
  const service = await startService(t, {
    config: join(t.testdir({
      'cameras.yaml': `
cameras:
  gate: { name: 'Gate "A" \\ ü', source: "${simulator.url('gate')}" }
  yard: { source: "${simulator.url('yard')}" }
  dead: { source: "${simulator.url('dead')}" }
`
    }), 'cameras.yaml')
  })
  const first = await textOf(service)
  const viewer = new Viewer(new URL('camera/gate', service.url))
  t.teardown(() => viewer.socket.destroy())

  let text = first
  await until('the series say what happens', async () => {
    const series = seriesOf(text = await textOf(service))
    return series['camgate_camera_up{camera="yard"}'] === 1 && series['camgate_decoder_up{camera="gate"}'] === 1 && series['camgate_picture_age_seconds_count{transport="mjpeg"}']! > 10 &&
      series['camgate_camera_failures_total{camera="dead",code="refused"}']! > 0
  }, 60_000, 100)
  const series = seriesOf(text)
  const of = (name: string, camera: string, more = '') => series[`camgate_${name}{camera="${camera}"${more}}`]
  t.test('say of each camera what it is', async t => {
    t.equal(of('camera_info', 'gate', ',name="Gate \\"A\\" \\\\ ü"'), 1)
    t.same(['gate', 'yard', 'dead'].map(camera => of('camera_up', camera)), [1, 1, 0])
    t.same(['gate', 'yard', 'dead'].map(camera => of('camera_enabled', camera)), [1, 1, 1])
    t.same(['gate', 'yard', 'dead'].map(camera => of('decoder_up', camera)), [1, undefined, undefined], 'only one of them needs a decoder and is read')
    t.same([of('viewers', 'gate', ',transport="mjpeg"'), of('viewers', 'yard', ',transport="mjpeg"')], [1, 0])
    t.equal(of('camera_last_picture_timestamp_seconds', 'dead'), undefined)
  })
  t.test('count what came, and when', async t => {
    const { gate, yard } = { gate: of('camera_pictures_total', 'gate')!, yard: of('camera_pictures_total', 'yard')! }
    t.ok(gate > 10 && yard > 10, `${gate} and ${yard} pictures`)
    t.ok(of('camera_received_bytes_total', 'gate')! > 100 * gate && of('camera_received_bytes_total', 'yard')! > 1_000 * yard)
    t.equal(of('camera_pictures_total', 'dead'), 0)
    const age = Date.now() / 1_000 - of('camera_last_picture_timestamp_seconds', 'gate')!
    t.ok(age > -1 && age < 60, `${age} s`)
    const [sum, count] = [series['camgate_picture_age_seconds_sum{transport="mjpeg"}']!, series['camgate_picture_age_seconds_count{transport="mjpeg"}']!]
    t.ok(sum > 0 && sum / count < 10, `${sum / count} s on average`)
    t.equal(series['camgate_picture_age_seconds_bucket{transport="mjpeg",le="+Inf"}'], count)
  })
  t.test('describe the process, from the first answer on with numbers', async t => {
    const initial = seriesOf(first)
    for (const name of ['process_start_time_seconds', 'process_cpu_seconds_total', 'process_open_fds', 'process_max_fds', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds', 'nodejs_eventloop_lag_min_seconds']) {
      t.ok(initial[name]! > 0 && initial[name]! < (name.includes('lag') ? 60 : 1e12), `${name} ${initial[name]}`)
    }
    t.notMatch(first, /nan$/im)
  })
  t.test('are what Prometheus expects', { skip: noPrometheus }, async t => {
    const lint = (input: string) => objections('promtool', ['check', 'metrics'], { input })
    t.equal(lint(text.split('\n').filter(line => /^(?:# \w+ )?camgate_/.test(line)).join('\n') + '\n'), '')
    t.same(lint(text).split('\n').filter(line => line !== '' && !line.startsWith('nodejs_')), [], 'of the others, it only has to say how prom-client calls them')
  })
})
