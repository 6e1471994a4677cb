// The default theme with our colours, and with scrolling tables that are focusable by keyboard.
import { type Theme, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { enhanceAppWithTabs } from "vitepress-plugin-tabs/client";
import { onMounted, watch } from "vue";
import { markScrollers, watchScrollers } from "./focusable-scrollers.ts";
import Layout from "./layout.vue";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  Layout,
  enhanceApp: ({ app }) => enhanceAppWithTabs(app),
  setup() {
    const route = useRoute();
    onMounted(watchScrollers);
    watch(() => route.path, markScrollers, { flush: "post" });
  },
};
export default theme;
