import t from 'tap'
import { isSteady } from '../steady.js'

t.jobs = 2
t.test('a camera with 60 pictures a second', { buffered: true }, t => isSteady(t, { fps: 60, within: [50, 61], pictures: 40 }))
// The slow one uses next to no processor, but its first picture has to come before the watchdog's ten seconds are over.
t.test('a camera with a picture every five seconds', { buffered: true, jobs: 2, timeout: 120_000 }, t => isSteady(t, { fps: 0.2, within: [0.1, 0.4], pictures: 3 }))
