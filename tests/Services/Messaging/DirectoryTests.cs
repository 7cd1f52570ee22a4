using EnterprisePortal.Audit;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Messaging;

public class DirectoryTests(Service<RecordActivity> service) : IClassFixture<Service<RecordActivity>>
{
    [Fact]
    public async Task Every_instance_hears_of_a_change_and_one_that_starts_later_knows_it_from_the_database()
    {
        var second = await service.AnotherInstance();

        await service.Given(Demo.BlueDolphin);

        foreach (var instance in new[] { service.Instance, second, await service.AnotherInstance() })
            Assert.Equal(4, Replica(instance).ReachOf(Demo.EastUser).Codes.Length);
    }

    [Fact]
    public async Task An_older_directory_that_arrives_late_changes_nothing()
    {
        await service.Given(Demo.TumbleTime);
        var known = Replica(service.Instance).Of(Demo.TumbleTimeId)!.Version;

        await service.Bus.Publish(Demo.TumbleTime with { Version = known - 1, Accounts = [] });
        await service.Bus.Publish(Demo.TumbleTime with { Version = known, Accounts = [] });
        await service.Given(Demo.BlueDolphin);

        Assert.Equal(4, Replica(service.Instance).ReachOf(Demo.TumbleUser).Codes.Length);
        Assert.Equal(4, Replica(await service.AnotherInstance()).ReachOf(Demo.TumbleUser).Codes.Length);
    }

    [Fact]
    public async Task A_deactivated_group_reaches_nothing_and_nobody_reaches_another_enterprise()
    {
        await service.Given(Demo.TumbleTime, Demo.BlueDolphin with
        {
            Groups = [.. Demo.BlueDolphin.Groups.Select(group => group.Id == Demo.WestId ? group with { Active = false } : group)]
        });

        Assert.Empty(Replica(service.Instance).ReachOf(Demo.WestUser).Codes);
        Assert.Equal(8, Replica(service.Instance).ReachOf(Demo.RootAdmin).Codes.Length);
        Assert.DoesNotContain(Replica(service.Instance).ReachOf(Demo.TumbleAdmin).Codes, code =>
            code.StartsWith("bluedolphin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_starts_asks_for_the_directory() => await service.Published<DirectoryRequested>();

    [Fact]
    public async Task A_service_is_healthy_once_it_knows_the_directory()
    {
        await service.Given(Demo.BlueDolphin);

        Assert.Equal("Healthy", await service.Anonymous().GetStringAsync("/health", TestContext.Current.CancellationToken));
    }

    static DirectoryReplica Replica(Service<RecordActivity>.Replica instance) => instance.Services.GetRequiredService<DirectoryReplica>();
}
