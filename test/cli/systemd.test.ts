import t from 'tap'
import { Systemd } from '../../src/cli/systemd.js'
import { FakeClock } from '../fake-clock.js'

function systemdWith (env: NodeJS.ProcessEnv, arrives = true) {
  const clock = new FakeClock()
  const sent: string[] = []
  const warned: string[] = []
  const send = (address: string, text: string) => {
    sent.push(`${address}: ${text}`)
    return arrives
  }
  return { clock, sent, warned, systemd: new Systemd(clock, { env, pid: 7, send, warn: line => { warned.push(line) } }) }
}

t.test('systemd', async t => {
  t.test('is told nothing unless it asks', async t => {
    const { clock, sent, systemd } = systemdWith({ NOTIFY_SOCKET: '', WATCHDOG_USEC: '30000000' })
    systemd.ready('well')
    clock.advance(60_000)
    systemd.stopping()
    t.same(sent, [])
  })
  t.test('is told when camgate is ready and when it ends', async t => {
    const { clock, sent, systemd } = systemdWith({ NOTIFY_SOCKET: '/run/notify' })
    systemd.ready('4 cameras')
    clock.advance(60_000)
    systemd.stopping()
    t.same(sent, ['/run/notify: READY=1\nSTATUS=4 cameras', '/run/notify: STOPPING=1\nSTATUS=Stopping'])
  })
  t.test('hears twice in the time of its watchdog that the event loop turns, from ready to the end', async t => {
    const { clock, sent, systemd } = systemdWith({ NOTIFY_SOCKET: '@abstract', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' })
    clock.advance(60_000)
    t.same(sent, [])
    systemd.ready('well')
    for (let s = 0; s < 60; s++) clock.advance(1_000)
    t.same(sent.slice(1), Array(4).fill('@abstract: WATCHDOG=1'))
    systemd.stopping()
    clock.advance(60_000)
    t.equal(sent.length, 6)
  })
  t.test('does not hear of a watchdog that is meant for another process', async t => {
    const { clock, sent, systemd } = systemdWith({ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' })
    systemd.ready('well')
    clock.advance(60_000)
    t.equal(sent.length, 1)
  })
  t.test('that cannot be reached is a warning with a way out', async t => {
    const { systemd, warned } = systemdWith({ NOTIFY_SOCKET: '/run/notify' }, false)
    systemd.ready('well')
    t.match(warned, [/^systemd waits at NOTIFY_SOCKET .* cannot be reached.*\. Write Type=exec in the unit, without WatchdogSec\.$/])
  })
})
