import type { Theme } from 'vitepress'
import theme from 'vitepress/theme-without-fonts'
import './camgate.css'
import SizingCalculator from './sizing/SizingCalculator.vue'

export default {
  extends: theme,
  enhanceApp ({ app }) { app.component('SizingCalculator', SizingCalculator) }
} satisfies Theme
