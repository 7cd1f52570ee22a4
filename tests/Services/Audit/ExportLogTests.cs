using System.Text.Json;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Audit;

public sealed class ExportLogTests(ReadLogTests.Log log) : IClassFixture<ReadLogTests.Log>
{
    [Fact]
    public async Task A_word_is_found_in_subject_and_details_however_it_is_written_there()
    {
        var id = Guid.CreateVersion7();
        await log.Happened(Demo.TumbleUser, "group.renamed", "100% Fun_Camp", null, ReadLogTests.Noon.AddDays(3), id,
            JsonSerializer.Serialize(new { after = "Zoë's \\ group" }));
        await Eventually(async () => (await log.Read(Demo.TumbleUser, "?action=group.renamed")).Items.Any(entry => entry.Id == id));

        foreach (var word in new[] { "zoë", "100%", "fun_", "un_c", "ZOË's" })
            Assert.Equal(id, Assert.Single((await log.Read(Demo.TumbleUser, $"?q={Uri.EscapeDataString(word)}")).Items).Id);
        foreach (var word in new[] { "100_", "fun%camp", "zoe\u0308" })
            Assert.Empty((await log.Read(Demo.TumbleUser, $"?q={Uri.EscapeDataString(word)}")).Items);
    }

    [Fact]
    public async Task The_export_has_what_the_pages_have_and_nothing_a_spreadsheet_would_run()
    {
        await log.Happened(Demo.EastUser, "group.renamed", "=cmd|' /C calc'!A0", null, ReadLogTests.Noon.AddDays(-3));
        await Eventually(async () => (await log.Read(Demo.EastUser, "")).Items.Count == 3);

        var answer = await log.SignedInAs(Demo.EastAdmin)
            .GetAsync("/api/audit/export.csv?to=2026-11-02", TestContext.Current.CancellationToken);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("time,person,e-mail,level,group,action,subject,account,source,ip,details", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.Contains("'=cmd|", lines[^1], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.Contains("east-", line, StringComparison.Ordinal));
        await Eventually(async () => (await log.Read(Demo.EastAdmin, "?action=log.exported"))
            .Items is [{ PersonEmail: "east-admin@bluedolphin.example" }]);
    }
}
