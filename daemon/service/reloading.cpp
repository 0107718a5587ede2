#include "service/reloading.hpp"

#include "account_plans.hpp"
#include "acting_owner.hpp"
#include "config/named_files.hpp"
#include "process_environment.hpp"
#include "start_checks.hpp"

#include <stdexcept>
#include <variant>
#include <vector>

namespace cannedd {
namespace {

// Secrets may be root's alone.
std::variant<settings, std::vector<config_fault>> read_settings(const std::filesystem::path& file) {
    const as_who_started reading;
    return load_settings(file, environment_of_process(), start_checks());
}

} // namespace

void reloading::read_again(const reload_door::told& told) {
    if (!closed_.empty()) {
        around_.log.notice("the configuration is not read again: " + closed_);
        told(std::string(reload_refused) + ' ' + closed_);
        return;
    }
    around_.notifier.reloading();
    ++asked_;
    auto loaded = read_settings(around_.file);
    if (const auto* faults = std::get_if<std::vector<config_fault>>(&loaded)) {
        std::string all;
        for (const auto& fault : *faults) {
            around_.log.error("the new configuration is refused; nothing changes",
                              {{"file", fault.file}, {"line", fault.line}, {"fault", fault.message}});
            all += (all.empty() ? "" : "\n") + to_line(fault);
        }
        refuse(all, told);
        return;
    }
    try {
        apply(std::move(std::get<settings>(loaded)), told);
    } catch (const std::runtime_error& failed) {
        around_.log.error("the new configuration is refused; nothing changes", {{"fault", failed.what()}});
        refuse(failed.what(), told);
    }
}

void reloading::refuse(const std::string& why, const reload_door::told& told) {
    last_refused_ = asked_;
    around_.numbers.reloaded(false, around_.time.wall());
    around_.status.reload_refused(why);
    told(std::string(reload_refused) + ' ' + why);
}

void reloading::apply(settings fresh, const reload_door::told& told) {
    const auto& now = around_.configured;
    if (fresh.database != now.database || fresh.metrics_listen != now.metrics_listen)
        around_.log.warning("database and metrics.listen change at the next start only");
    fresh.database = now.database;
    fresh.metrics_listen = now.metrics_listen;
    auto plans = account_plans_of(fresh, around_.executor, around_.time, around_.log);
    auto options = fresh.delivery;
    auto in_force = [this, told, asked = asked_, fresh = std::move(fresh)]() mutable {
        take_effect(std::move(fresh), asked, told);
    };
    around_.machine.reconfigure(std::move(options), std::move(plans), std::move(in_force));
    around_.status.reload_begun();
}

void reloading::take_effect(settings fresh, int asked, const reload_door::told& told) {
    around_.configured = std::move(fresh);
    around_.log.set_threshold(around_.configured.level);
    around_.numbers.certificates(certificates_of(around_.configured));
    around_.log.notice("the configuration was read again and is in force");
    const auto restart = restart_needed();
    if (!restart.empty()) around_.log.warning("a restart is needed", {{"why", restart}});
    if (last_refused_ < asked) { // what was refused since, is the last that was asked
        around_.numbers.reloaded(true, around_.time.wall());
        around_.status.reload_in_force(restart);
    }
    told(std::string(reload_in_force) + (restart.empty() ? "" : " " + restart));
}

// Only the service manager may read them, and it hands them over at the start alone.
std::string reloading::restart_needed() const {
    const auto newer = named_files(around_.file, environment_of_process()).newer_than_delivered();
    if (newer.empty()) return {};
    return newer.front().string() +
           " was written since the start, and systemd copies it at the start only: restart the service";
}

} // namespace cannedd
