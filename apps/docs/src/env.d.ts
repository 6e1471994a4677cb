// Types of the imports that Vite resolves and TypeScript does not know.
/// <reference types="vitepress/client" />
