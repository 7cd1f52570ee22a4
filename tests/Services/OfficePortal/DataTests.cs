using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.OfficePortal.DataOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class DataTests(DataOffice office, Servers servers) : IClassFixture<DataOffice>
{
    // Wendy Caldwell of the telephony tests: one child, enrolled.
    const long Wendy = 1001;
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_agrees_with_its_own_trailer()
    {
        var text = await office.Portal(Austin).GetStringAsync("snapshot", Cancel);

        var end = text.LastIndexOf('\n', text.Length - 2) + 1;
        SnapshotLine[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<SnapshotLine>(line, JsonSerializerOptions.Web)!)];
        var trailer = Assert.IsType<SnapshotTrailer>(lines[^1]);
        Assert.Equal(Austin, Assert.IsType<SnapshotHeader>(lines[0]).Account);
        Assert.Equal((lines.OfType<AccountFamily>().Count(), lines.OfType<AccountName>().Count()), (trailer.Families, trailer.Names));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..end]))), trailer.Sha256);
    }

    [Fact]
    public async Task A_snapshot_that_breaks_off_ends_without_a_trailer()
    {
        await office.Fault(Austin, "truncate");
        try
        {
            using var answer = await office.Portal(Austin).GetAsync("snapshot", HttpCompletionOption.ResponseHeadersRead, Cancel);
            await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Cancel));
            Assert.True((await office.Portal(Denver).GetAsync("snapshot", Cancel)).IsSuccessStatusCode);
        }
        finally
        {
            await office.Fault(Austin, "none");
        }
    }

    [Fact]
    public async Task A_student_is_enrolled_until_23_59_of_the_drop_date_where_the_account_is()
    {
        await Enrollment(Wendy, "drop_date = '2026-03-10', drop_reason = 'Moved away'");
        var cursor = (await Changes("0.20260310")).Cursor;

        office.Clock.Set(new(2026, 3, 10, 23, 59, 0, TimeSpan.FromHours(-5)));
        var before = await Active(Wendy);
        office.Clock.Set(new(2026, 3, 11, 0, 0, 1, TimeSpan.FromHours(-5)));
        var after = await Active(Wendy);
        var turned = await Changes(cursor);

        Assert.True(before);
        Assert.False(after);
        Assert.Contains(turned.Families, family => family.Id == $"{Wendy}" && !family.Active);
        Assert.Empty((await Changes(turned.Cursor)).Families);
        await Enrollment(Wendy, "drop_date = null, drop_reason = null");
        office.Clock.Set(new(2026, 3, 10, 23, 30, 0, TimeSpan.FromHours(-5)));
    }

    [Fact]
    public async Task Whatever_changes_about_a_family_is_in_the_change_feed_once_and_an_erased_one_is_named_as_such()
    {
        var before = await Changes("0.20260310");
        await office.Sql("update guardian set first_name = 'Renée' where account = $1 and family = 1005", Austin);
        await office.Sql("insert into phone (account, family, phone) values ($1, 1005, '+15125550177')", Austin);
        await office.Sql("update family set erased_at = now() where account = $1 and id = 1006", Austin);

        var after = await Changes(before.Cursor);

        var family = Assert.Single(after.Families);
        Assert.Equal(("1005", "Renée"), (family.Id, family.Guardians[0].FirstName));
        Assert.Contains("+15125550177", family.Phones);
        Assert.Equal(["1006"], after.Erased);
        Assert.Empty((await Changes(after.Cursor)).Families);
    }

    [Fact]
    public async Task A_cursor_the_account_never_gave_is_refused()
    {
        Assert.Equal(HttpStatusCode.Gone, (await office.Portal(Austin).GetAsync("changes?after=999999.20260310", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await office.Portal(Austin).GetAsync("changes?after=yesterday", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData(Austin, "+15125550100")]
    [InlineData(Austin, "+15125550101", "Caldwell, Wendy")]
    [InlineData(Austin, "+15125550102", "Holloway, Grace")]
    [InlineData(Denver, "+15125550102", "Holloway, Grace")]
    public async Task A_caller_is_found_by_their_number(string account, string phone, params string[] names)
    {
        var found = await office.Portal(account).GetFromJsonAsync<LiveFamilies>($"families?phone={Uri.EscapeDataString(phone)}", Cancel);

        Assert.Equal(names, found!.Families.Select(family => family.Name));
    }

    [Fact]
    public async Task A_ringing_phone_is_one_look_into_the_index()
    {
        await using var command = office.Db.CreateCommand("explain " + FindByPhone.Sql);
        foreach (var value in new object[] { Austin, "+15125550102", 50 })
            command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(Cancel);
        var plan = new StringBuilder();
        while (await row.ReadAsync(Cancel))
            plan.AppendLine(row.GetString(0));

        Assert.Matches(@"phone_number on phone p .*\n.*Index Cond: .*\(account = .*\(phone = ", plan.ToString());
        Assert.DoesNotContain("Seq Scan", plan.ToString());
    }

    [Fact]
    public async Task Two_demo_worlds_made_on_the_same_day_are_the_same()
    {
        await using var other = new DataOffice(servers);
        await other.InitializeAsync();

        foreach (var table in new[]
            { "staff_user_group", "class", "student", "enrollment", "charge", "payment", "payment_event", "application" })
            Assert.Equal(await Of(office, table), await Of(other, table));

        static Task<string> Of(DataOffice office, string table) =>
            office.Ask<string>($"select count(*) || md5(string_agg(md5(t::text), '' order by t::text)) from {table} t where account = $1",
                Denver);
    }

    [Fact]
    public async Task The_demo_worlds_ledger_adds_up()
    {
        Assert.Equal(0, await office.Ask<long>("""
            select count(*) from payment p
            where (case status when 'received' then amount
              else 0 end) + coalesce((select sum(e.amount) from payment_event e where e.account = p.account and e.payment = p.id), 0)
              < coalesce((select sum(a.amount) from application a where a.account = p.account and a.payment = p.id), 0)
            """));
        Assert.Equal(0, await office.Ask<long>("""
            select count(*) from charge c,
              lateral (select coalesce(sum(a.amount), 0) as paid, coalesce(sum(a.tax), 0) as tax from application a
                where a.account = c.account and a.charge = c.id) a
            where a.paid < 0 or a.paid > c.amount + c.tax or (a.paid = c.amount + c.tax and a.tax <> c.tax)
              or (c.deleted_at is not null and a.paid <> 0)
            """));
        foreach (var kind in new[] { "refund", "void", "delete", "delete-refund" })
            Assert.NotEqual(0, await office.Ask<long>("select count(*) from payment_event where account = $1 and kind = $2", Austin, kind));
    }

    async Task<FamilyChanges> Changes(string after) =>
        (await office.Portal(Austin).GetFromJsonAsync<FamilyChanges>($"changes?after={after}", Cancel))!;

    async Task<bool> Active(long family) =>
        (await office.Portal(Austin).GetFromJsonAsync<LiveEnrollment>($"families/{family}/enrollment", Cancel))!.Active;

    Task Enrollment(long family, string set) =>
        office.Sql($"update enrollment e set {set} from student s where s.account = e.account and s.id = e.student and e.account = $1 "
            + "and s.family = $2", Austin, family);
}
