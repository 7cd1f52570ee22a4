using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>The main pages as a screen reader has them, in the system's own colors, with text twice as large, and on paper.</summary>
public sealed class AssistiveTests(Portal portal)
{
    // What is on each page besides its frame: heading, and what people come for.
    static readonly (string Address, string Title, string Holds)[] Pages =
    [
        ("/", "Home", "- heading \"Favorites\" [level=2]"),
        ("/accounts", "Accounts", "- table \"Accounts in your reach, your favorites first\""),
        ("/family-search?name=sm", "Family Search", "- table \"Families\""),
        ("/generated-reports", "Generated Reports", "- link \"Run a report\""),
        ("/trends", "Trends", "- navigation \"Figure\""),
        ("/validation/levels", "Inter-Account Validation", "- table \"Names and the number of accounts that have them\""),
        ("/sync", "Sync", "- table \"Accounts and their last sync\""),
        ("/audit-log", "Audit Log", "- table \"Audit Log, newest first\""),
        ("/permissions", "Permissions", "- heading \"Blue Dolphin Swim Schools\" [level=2]"),
        ("/users", "Users", "- table \"Users\"")
    ];

    [Fact]
    public async Task A_screen_reader_finds_the_landmarks_one_title_and_a_name_for_everything_that_can_be_used()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        foreach (var (address, title, holds) in Pages)
        {
            await rosa.Page.GotoAsync(address);
            await Expect(rosa.Page.Locator("body")).ToMatchAriaSnapshotAsync($"""
                - link "Skip to content"
                - banner:
                  - link "Enterprise Portal, home"
                  - search "Everywhere"
                  - button /^Rosa Admin.*your menu$/
                - navigation "Sections":
                  - list "Work"
                  - list "Oversight"
                  - list "Administration"
                - main:
                  - heading "{title}" [level=1]
                """);
            var heard = (await rosa.Page.Locator("body").AriaSnapshotAsync()).Split('\n').Select(line => line.Trim()).ToList();
            Assert.Single(heard, line =>
                line.StartsWith("- heading", StringComparison.Ordinal) && line.Contains("[level=1]", StringComparison.Ordinal));
            Assert.Contains(heard, line => line.StartsWith(holds, StringComparison.Ordinal));
            Assert.DoesNotContain(heard, line => Nameless.Contains(line.TrimEnd(':')));
            await Expect(rosa.Page.Locator("#toasts[role=status][aria-live=polite]")).ToHaveCountAsync(1);
        }
    }

    static readonly string[] Nameless =
        ["- link", "- button", "- textbox", "- searchbox", "- checkbox", "- combobox", "- table", "- img", "- search", "- navigation"];

    [Fact]
    public async Task In_the_systems_own_colors_the_focus_and_what_is_chosen_can_be_seen_and_no_state_is_a_color_alone()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        await rosa.Page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active, ReducedMotion = ReducedMotion.Reduce });

        await Walk(rosa.Page, """
            () => {
              const faults = [], seen = element => element.checkVisibility({ visibilityProperty: true });
              const ground = element => getComputedStyle(element).backgroundColor;
              for (const stop of document.querySelectorAll('main :is(a[href], button, input:not([type=hidden]), select, summary)')) {
                if (!seen(stop) || stop.disabled)
                  continue;
                stop.focus({ focusVisible: true });
                const shown = getComputedStyle(stop).opacity === '0' && stop.labels?.[0] || stop;
                if (getComputedStyle(shown).outlineStyle === 'none')
                  faults.push(`no focus on ${stop.outerHTML.slice(0, 90)}`);
              }
              for (const chosen of document.querySelectorAll(':is(nav, .tree) a[aria-current], [aria-pressed=true]'))
                if (seen(chosen) && ground(chosen) === ground(document.body))
                  faults.push(`not seen to be chosen: ${chosen.outerHTML.slice(0, 90)}`);
              for (const state of document.querySelectorAll('.pill, svg[role=img]'))
                if (!(state.textContent.trim() || state.getAttribute('aria-label')))
                  faults.push(`a state without words: ${state.outerHTML.slice(0, 90)}`);
              for (const moving of document.querySelectorAll('body *'))
                if (getComputedStyle(moving).transitionDuration !== '0s' || getComputedStyle(moving).animationName !== 'none')
                  faults.push(`it moves: ${moving.outerHTML.slice(0, 90)}`);
              return faults.slice(0, 3);
            }
            """);
    }

    [Fact]
    public async Task Text_twice_as_large_is_neither_cut_off_nor_over_other_text()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        var browser = await rosa.Page.Context.NewCDPSessionAsync(rosa.Page);
        await browser.SendAsync("Page.setFontSizes",
            new() { ["fontSizes"] = new Dictionary<string, object> { ["standard"] = 32, ["fixed"] = 26 } });

        await Walk(rosa.Page, """
            () => {
              const faults = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [], range = new Range();
              for (let text; text = texts.nextNode();) {
                const around = text.parentElement;
                if (!text.data.trim() || !around.checkVisibility({ visibilityProperty: true })
                    || around.closest('.hidden, .skip, thead, .tip, .strip'))
                  continue;
                range.selectNodeContents(text);
                const box = range.getBoundingClientRect();
                for (let clip = around; clip !== document.body; clip = clip.parentElement) {
                  const style = getComputedStyle(clip), edge = clip.getBoundingClientRect();
                  if (['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis' && edge.width > 2
                      && (box.right > edge.right + 2 || box.bottom > edge.bottom + 2))
                    faults.push(`cut off: ${text.data.trim().slice(0, 40)}`);
                }
                if (!around.closest('.bar, #toasts'))
                  boxes.push({ text, box });
              }
              boxes.sort((one, other) => one.box.top - other.box.top);
              boxes.forEach(({ text, box }, at) => {
                for (let next = at + 1; next < boxes.length && boxes[next].box.top < box.bottom - 6; next++) {
                  const other = boxes[next].box;
                  if (Math.min(box.right, other.right) - Math.max(box.left, other.left) > 6
                      && Math.min(box.bottom, other.bottom) - other.top > 8 && box.height < 80 && other.height < 80)
                    faults.push(`over each other: ${text.data.trim().slice(0, 30)} and ${boxes[next].text.data.trim().slice(0, 30)}`);
                }
              });
              if (document.documentElement.scrollWidth > innerWidth)
                faults.push(`slides sideways: ${document.documentElement.scrollWidth}`);
              return faults.slice(0, 3);
            }
            """);
    }

    [Fact]
    public async Task On_paper_are_the_words_and_whole_tables_and_nothing_to_press()
    {
        await using var rosa = await portal.SignedIn("root-admin@bluedolphin.example");
        // A4 between its margins.
        await rosa.Page.SetViewportSizeAsync(718, 1000);
        await rosa.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });

        await Walk(rosa.Page, """
            () => {
              const faults = [];
              for (const pressed of document.querySelectorAll('button, input, select, nav, .button, header.top, .key, .skip'))
                if (pressed.checkVisibility())
                  faults.push(`printed: ${pressed.outerHTML.slice(0, 90)}`);
              for (const cell of document.querySelectorAll('table, td, th'))
                if (cell.checkVisibility() && !cell.closest('details:not([open])') && cell.scrollWidth > cell.clientWidth + 1)
                  faults.push(`cut off: ${cell.textContent.trim().slice(0, 60)}`);
              for (const row of document.querySelectorAll('table:not(.log) tbody tr:not(.section)')) {
                const [head, body] = [row.closest('table').tHead.rows[0], row]
                  .map(line => [...line.cells].filter(cell => cell.checkVisibility()).length);
                if (row.checkVisibility() && head !== body && !row.querySelector('[colspan]'))
                  faults.push(`${head} columns have heads, ${body} cells: ${row.textContent.trim().slice(0, 40)}`);
              }
              if (document.documentElement.scrollWidth > innerWidth)
                faults.push(`wider than the paper: ${document.documentElement.scrollWidth}`);
              if (getComputedStyle(document.body).colorScheme !== 'light')
                faults.push('dark');
              return faults.slice(0, 3);
            }
            """);
    }

    /// <param name="script">Returns the faults of a page, in words.</param>
    static async Task Walk(IPage page, string script)
    {
        var faults = new List<string>();
        foreach (var (address, _, _) in Pages)
        {
            await page.GotoAsync(address);
            faults.AddRange((await page.EvaluateAsync<string[]>(script)).Select(fault => $"{address}: {fault}"));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
