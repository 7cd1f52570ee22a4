using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Reports;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using static EnterprisePortal.Tests.Support.Demo;

namespace EnterprisePortal.Tests.Reports;

/// <summary>Who sees whose run, for every maker and every viewer of the demo world.</summary>
public class VisibleRunsTests
{
    static readonly Person[] People = [RootAdmin, RootUser, EastAdmin, EastUser, WestUser, TumbleAdmin, TumbleUser];

    static DirectoryReplica Knowing(params DirectoryChanged[] directories)
    {
        var directory = new DirectoryReplica();
        foreach (var known in directories)
            directory.Apply(known with { Version = known.Version + 1 });
        return directory;
    }

    static ReportRun RunOf(Person maker, params string[] accounts)
    {
        var run = new ReportRun
        {
            Report = "FIN-2",
            Parameters = "{}",
            ByName = maker.Name,
            ById = maker.Id,
            ByLevel = maker.Level,
            GroupId = maker.GroupId
        };
        run.Accounts.AddRange(accounts.Select(account => new RunAccount { RunId = run.Id, Account = account }));
        return run;
    }

    static string WhoSees(ReportRun run, DirectoryReplica directory) => string.Join(' ', People
        .Where(person => new[] { run }.AsQueryable().VisibleTo(person, directory.ReachOf(person)).Any())
        .Select(person => person.Email.Split('@')[0]).Distinct());

    [Fact]
    public void An_Admins_run_is_seen_by_Admins_of_its_group_and_above_only()
    {
        var directory = Knowing(BlueDolphin, TumbleTime);

        Assert.Equal("root-admin", WhoSees(RunOf(RootAdmin, "bluedolphin-boston"), directory));
        Assert.Equal("root-admin east-admin", WhoSees(RunOf(EastAdmin, "bluedolphin-boston"), directory));
    }

    [Fact]
    public void A_Users_run_is_seen_by_everybody_of_its_group_and_by_Admins_above()
    {
        var directory = Knowing(BlueDolphin);

        Assert.Equal("root-admin root-user", WhoSees(RunOf(RootUser, "bluedolphin-boston"), directory));
        Assert.Equal("root-admin east-admin east-user", WhoSees(RunOf(EastUser, "bluedolphin-boston"), directory));
        Assert.Equal("root-admin west-user", WhoSees(RunOf(WestUser, "bluedolphin-austin"), directory));
    }

    [Fact]
    public void A_run_without_any_account_left_in_reach_is_not_found()
    {
        var directory = Knowing(BlueDolphin);

        Assert.Equal("root-admin", WhoSees(RunOf(EastUser, "bluedolphin-austin"), directory));
        Assert.Equal("", WhoSees(RunOf(EastUser, "bluedolphin-gone"), directory));
        Assert.Equal("", WhoSees(RunOf(EastUser), directory));
        Assert.Equal("root-admin east-admin east-user", WhoSees(RunOf(EastUser, "bluedolphin-gone", "bluedolphin-tampa"), directory));
    }

    [Fact]
    public void Who_belongs_to_a_group_that_is_no_longer_active_sees_no_run()
    {
        var asleep = BlueDolphin with
        {
            Groups = [.. BlueDolphin.Groups.Select(group => group.Id == EastId ? group with { Active = false } : group)]
        };

        Assert.Equal("root-admin", WhoSees(RunOf(EastUser, "bluedolphin-boston"), Knowing(asleep)));
    }
}
