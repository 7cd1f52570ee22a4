using EnterprisePortal.Audit;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.Tests.Audit;

public sealed class AppendOnlyTests(Service<RecordActivity> audit) : IClassFixture<Service<RecordActivity>>
{
    [Theory]
    [InlineData("update activity set subject = ''")]
    [InlineData("delete from activity")]
    [InlineData("truncate activity")]
    [InlineData("select make_month('2026-11-01'); truncate activity_2026_11")]
    [InlineData("drop table activity")]
    [InlineData("alter table activity disable trigger all")]
    [InlineData("alter table activity add nothing int")]
    [InlineData("create table another (one int)")]
    [InlineData("delete from chain_head")]
    [InlineData("update actor set name = ''")]
    [InlineData("reset role; delete from activity")]
    [InlineData("set role portal")]
    [InlineData("set session authorization portal")]
    [InlineData("alter role session_user superuser")]
    [InlineData("create role another login")]
    public async Task The_services_own_login_cannot(string statement)
    {
        await using var command = audit.Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(statement);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Nobody_can_drop_a_month_of_the_last_two_years()
    {
        var db = audit.Instance.Services.GetRequiredService<NpgsqlDataSource>();
        foreach (var months in new[] { 0, 23, 24 })
        {
            await using var command = db.CreateCommand(
                $"select make_month(now() - interval '{months} months'), drop_month((now() - interval '{months} months')::date)");
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)))
                    .SqlState);
        }
    }
}
