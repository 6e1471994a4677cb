import { describeReadme } from "@gumbel-tools/test/readme";

describeReadme(new URL("..", import.meta.url));
