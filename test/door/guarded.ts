import { pino } from 'pino'
import type { Test } from 'tap'
import type { AuthSettings, UserSettings } from '../../src/access/settings.js'
import { buildApp } from '../../src/app.js'
import { Fleet } from '../../src/camera/fleet.js'
import { waysIn } from '../../src/door/ways-in.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch } from '../fake-launch.js'

/** The password is `correct horse`; it costs little to check. */
export const passwordHash = '$scrypt$ln=10,r=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$Tf2v/O+XNjurweDC74rfrJVPMpklmBsABP0EWP2pIbA'
export const basic = (name: string, password = 'correct horse') => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` })

const anna: UserSettings = { name: 'anna', password: passwordHash, right: 'view', cameras: new Set(['2']) }
export const people: readonly UserSettings[] = [anna, { name: 'Bérénice', password: passwordHash, right: 'admin', cameras: 'all' }, { name: 'proxied', right: 'view', cameras: 'all' }]

/** A web server with cameras 1 and 2 whose users log in with a password, or by the ways in `more`. */
export async function withUsers (t: Test, users = people, more: Partial<AuthSettings> = {}) {
  const clock = new FakeClock()
  const log = pino({ level: 'silent' })
  const lines: string[] = []
  const played = new FakeLaunch(clock)
  const fleet = new Fleet(['1', '2'].map(id => ({ ...camera, id, name: id })), played.parts(log))
  const app = await buildApp({ fleet, clock, draw: played.draw, log, waysIn: waysIn({ users: new Map(users.map(user => [user.name, user])), ...more }, { clock, trusts: () => false, warn: line => lines.push(line) }) })
  t.teardown(() => app.close())
  return { app, clock, lines }
}
