// Finds Chromium's software GPU for programs in Node on a machine without one. For `node --import`.
import { useSwiftshader } from "@gumbel-tools/chromium";

useSwiftshader();
