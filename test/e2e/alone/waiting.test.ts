// These tests measure rates and delays, but wait most of the time, so they run side by side. The strictest one begins last, when the services of the others have started.
import t from 'tap'
import { adapts } from '../adapting.js'
import { noNamespaces } from '../network-namespace.js'
import { isSteady } from '../steady.js'
import { harmNoOther } from '../viewers.js'

t.jobs = 3
t.test('no viewer harms another:', { buffered: true, timeout: 150_000 }, harmNoOther)
// The slow one uses next to no processor, but its first picture has to come before the watchdog's ten seconds are over, and ffmpeg, which shows one when the next comes, may begin after the first.
t.test('a camera with a picture every three seconds', { buffered: true, jobs: 2, timeout: 120_000 }, t => isSteady(t, { fps: 0.3, within: [0.15, 0.6], pictures: 3 }))
t.test('a camera with 60 pictures a second', { buffered: true }, t => isSteady(t, { fps: 60, within: [50, 61], pictures: 40 }))
t.test('a viewer that asks for the rendition that suits its link', { buffered: true, skip: noNamespaces, timeout: 120_000 }, adapts)
