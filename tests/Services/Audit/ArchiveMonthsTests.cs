using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Audit;

public sealed class ArchiveMonthsTests(ArchiveMonthsTests.WithArchive audit) : IClassFixture<ArchiveMonthsTests.WithArchive>
{
    public sealed class WithArchive(Servers servers) : Service<RecordActivity>(servers)
    {
        public string Archive { get; } = Path.Combine(servers.Folder, "archive");

        public override ValueTask InitializeAsync()
        {
            Settings["Audit:ArchiveFolder"] = Archive;
            return base.InitializeAsync();
        }
    }

    [Fact]
    public async Task Months_past_two_years_leave_whole_and_the_chain_stays_unbroken()
    {
        var cancel = TestContext.Current.CancellationToken;
        await audit.Given(Demo.TumbleTime, Demo.BlueDolphin);
        // The demo's people did something every month, the oldest first, and one message was two years late.
        var thisMonth = new DateTimeOffset(audit.Clock.GetUtcNow().Year, audit.Clock.GetUtcNow().Month, 1, 12, 0, 0, TimeSpan.Zero);
        var told = 0;
        foreach (var months in (int[])[27, 26, 25, 24, 12, 0, 26])
        {
            await Happened(thisMonth.AddMonths(-months).AddHours(told));
            var count = ++told;
            await Eventually(async () => (await Read()).Items.Count == count);
        }

        var left = await audit.Instance.Services.GetRequiredService<ArchiveMonths>().Run(cancel);

        var month = DateOnly.FromDateTime(thisMonth.UtcDateTime);
        Assert.Equal([month.AddMonths(-27), month.AddMonths(-26), month.AddMonths(-25)], left);
        var items = (await Read()).Items;
        Assert.Equal(["log.archived", "log.archived", "log.archived", "account.renamed", "account.renamed", "account.renamed"],
            items.Select(item => item.Action).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(new(true, 6, null, null), await Verify());

        var closing = items.Single(item => item.Subject == $"{month.AddMonths(-26):yyyy-MM}, 2 entries").Details!.Value.GetProperty("file");
        var file = Path.Combine(audit.Archive, closing.GetProperty("name").GetString()!);
        Assert.Equal(closing.GetProperty("sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, cancel))));
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Assert.Equal(2, (await lines.ReadToEndAsync(cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // A second run finds nothing to do; an entry that is gone without having been archived is still missed.
        Assert.Empty(await audit.Instance.Services.GetRequiredService<ArchiveMonths>().Run(cancel));
        await using var superuser = NpgsqlDataSource.Create(audit.Settings["ConnectionStrings:audit"]);
        await using var tampering = superuser.CreateCommand(
            $"delete from activity where seq = 4 and enterprise_id = '{Demo.TumbleTimeId}'");
        await tampering.ExecuteNonQueryAsync(cancel);
        Assert.Equal((false, "#4"), ((await Verify()).Ok, (await Verify()).FirstBroken));
    }

    Task Happened(DateTimeOffset at) => audit.Bus.Publish(new ActivityRecorded(Guid.CreateVersion7(), at, Demo.TumbleTimeId,
        new(Demo.TumbleAdmin.Id, Demo.TumbleAdmin.Name, Demo.TumbleAdmin.Email, Demo.TumbleAdmin.Level, Demo.TumbleTimeId),
        "account.renamed", "Tulsa", "tumbletime-tulsa", "Accounts", null, null));

    async Task<Page<AuditEntry>> Read() =>
        (await audit.SignedInAs(Demo.TumbleAdmin).GetFromJsonAsync<Page<AuditEntry>>("/api/audit", TestContext.Current.CancellationToken))!;

    async Task<LogVerdict> Verify() => (await audit.SignedInAs(Demo.TumbleAdmin)
        .GetFromJsonAsync<LogVerdict>("/api/audit/verify", TestContext.Current.CancellationToken))!;
}
