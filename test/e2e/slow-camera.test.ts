import t from 'tap'
import { isSteady } from './steady.js'

t.test('a camera with a picture every five seconds', { jobs: 2, timeout: 120_000 }, t => isSteady(t, { fps: 0.2, within: [0.1, 0.4], pictures: 3 }))
