// The default theme with our colours, with scrolling tables that are focusable by keyboard, and links that unfold what they lead to.
import { type Theme, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { enhanceAppWithTabs } from "vitepress-plugin-tabs/client";
import { onMounted, watch } from "vue";
import { markScrollers, watchScrollers } from "./focusable-scrollers.ts";
import Layout from "./layout.vue";
import "./style.css";
import { unfoldTarget, watchTarget } from "./unfold-target.ts";

const theme: Theme = {
  extends: DefaultTheme,
  Layout,
  enhanceApp: ({ app }) => enhanceAppWithTabs(app),
  setup() {
    const route = useRoute();
    const onPage = () => {
      markScrollers();
      unfoldTarget();
    };
    onMounted(watchScrollers);
    onMounted(watchTarget);
    watch(() => route.path, onPage, { flush: "post" });
  },
};
export default theme;
